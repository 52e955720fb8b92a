//! Tells the linker of the module's memory, which cannot grow, and its stack.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("wasm32") {
        return;
    }
    let arguments = [
        "--initial-memory=262144000",
        "--max-memory=262144000",
        "-zstack-size=1048576",
    ];
    for argument in arguments {
        println!("cargo:rustc-link-arg-cdylib={argument}");
    }
}
