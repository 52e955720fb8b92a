-- For a build with kit-app-template: place this folder below source/extensions, or name the folder that holds it in the build's own
-- premake5.lua. Nothing here is compiled; the build links the folders to where Kit looks for them. pip_prebundle is what the build's
-- tools/deps/pip.toml fetches there: wasmtime, llvmlite, pydantic and platformdirs, in the versions of requirements.lock.
local ext = get_current_extension_info()
project_ext (ext)

repo_build.prebuild_link {
    { "data", ext.target_dir.."/data" },
    { "docs", ext.target_dir.."/docs" },
    { "portalis", ext.target_dir.."/portalis" },
    { "%{root}/_build/target-deps/pip_prebundle", ext.target_dir.."/pip_prebundle" },
}
