"""Crates compiled natively, beside the same functions as somebody would write them in Rust.

What it stands for: what a Rust program pays that calls a translation instead of code of its own: checked ints, shared lists, texts of code
points. Both are compiled by one rustc (-O) into one program that runs them in turn; the best of several rounds of each counts. What it
leaves out: transcendental functions, whose bits are CPython's here and the platform's there.

    python benchmarks/rust_native.py [--quick] [--json]
"""

from __future__ import annotations

import math
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from common import Result, arguments, show

from portalis.translator.backends.rust import Rustc, emit_crate, find_rustc
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile


@dataclass(frozen=True)
class Kernel:
    """A function in Python and by hand, and the arguments of its call in Rust: for the crate's and for the other."""

    name: str
    python: str
    hand: str
    ours: str
    theirs: str


ROUNDS = 100
KERNELS = (
    Kernel(
        "collatz",
        """
def f(n: int) -> int:
    best = 0
    for start in range(1, n):
        steps = 0
        x = start
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            steps += 1
        if steps > best:
            best = steps
    return best
""",
        """
pub fn f(n: i64) -> i64 {
    let mut best = 0;
    for start in 1..n {
        let (mut x, mut steps) = (start, 0);
        while x != 1 {
            x = if x % 2 == 0 { x / 2 } else { 3 * x + 1 };
            steps += 1;
        }
        best = best.max(steps);
    }
    best
}
""",
        "30000",
        "30000",
    ),
    Kernel(
        "gcd",
        """
def f(n: int) -> int:
    total = 0
    for a in range(1, n):
        for b in range(1, n):
            x, y = a, b
            while y != 0:
                x, y = y, x % y
            total += x
    return total
""",
        """
pub fn f(n: i64) -> i64 {
    let mut total = 0;
    for a in 1..n {
        for b in 1..n {
            let (mut x, mut y) = (a, b);
            while y != 0 {
                (x, y) = (y, x % y);
            }
            total += x;
        }
    }
    total
}
""",
        "400",
        "400",
    ),
    Kernel(
        "mandelbrot",
        """
def f(width: int) -> int:
    inside = 0
    for row in range(width):
        for column in range(width):
            cx = 3.0 * column / width - 2.0
            cy = 2.0 * row / width - 1.0
            x = 0.0
            y = 0.0
            count = 0
            while count < 50 and x * x + y * y <= 4.0:
                x, y = x * x - y * y + cx, 2.0 * x * y + cy
                count += 1
            if count == 50:
                inside += 1
    return inside
""",
        """
pub fn f(width: i64) -> i64 {
    let mut inside = 0;
    for row in 0..width {
        for column in 0..width {
            let cx = 3.0 * column as f64 / width as f64 - 2.0;
            let cy = 2.0 * row as f64 / width as f64 - 1.0;
            let (mut x, mut y, mut count) = (0.0, 0.0, 0);
            while count < 50 && x * x + y * y <= 4.0 {
                (x, y) = (x * x - y * y + cx, 2.0 * x * y + cy);
                count += 1;
            }
            inside += i64::from(count == 50);
        }
    }
    inside
}
""",
        "250",
        "250",
    ),
    Kernel(
        "sieve",
        """
def f(n: int) -> int:
    is_prime = [True] * n
    count = 0
    for number in range(2, n):
        if is_prime[number]:
            count += 1
            for multiple in range(number * number, n, number):
                is_prime[multiple] = False
    return count
""",
        """
pub fn f(n: i64) -> i64 {
    let n = n as usize;
    let mut is_prime = vec![true; n];
    let mut count = 0;
    for number in 2..n {
        if is_prime[number] {
            count += 1;
            for multiple in (number * number..n).step_by(number) {
                is_prime[multiple] = false;
            }
        }
    }
    count
}
""",
        "300000",
        "300000",
    ),
    Kernel(
        "matrix product",
        """
def f(n: int) -> float:
    a = [[float(i + j) for j in range(n)] for i in range(n)]
    total = 0.0
    for i in range(n):
        row = a[i]
        for j in range(n):
            element = 0.0
            for k in range(n):
                element += row[k] * a[k][j]
            total += element
    return total
""",
        """
pub fn f(n: i64) -> f64 {
    let n = n as usize;
    let a: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| (i + j) as f64).collect()).collect();
    let mut total = 0.0;
    for row in &a {
        for j in 0..n {
            let mut element = 0.0;
            for k in 0..n {
                element += row[k] * a[k][j];
            }
            total += element;
        }
    }
    total
}
""",
        "120",
        "120",
    ),
    Kernel(
        "levenshtein",
        """
def f(s: str, t: str) -> int:
    before = list(range(len(t) + 1))
    for i in range(len(s)):
        now = [i + 1]
        for j in range(len(t)):
            cost = 0 if s[i] == t[j] else 1
            now.append(min(now[j] + 1, before[j + 1] + 1, before[j] + cost))
        before = now
    return before[-1]
""",
        """
pub fn f(s: &str, t: &str) -> i64 {
    let (s, t): (Vec<char>, Vec<char>) = (s.chars().collect(), t.chars().collect());
    let mut before: Vec<i64> = (0..=t.len() as i64).collect();
    for (i, one) in s.iter().enumerate() {
        let mut now = vec![i as i64 + 1];
        for (j, other) in t.iter().enumerate() {
            let cost = i64::from(one != other);
            now.push((now[j] + 1).min(before[j + 1] + 1).min(before[j] + cost));
        }
        before = now;
    }
    before[t.len()]
}
""",
        '&ours_levenshtein::Text::from("kitten sitting on the mat".repeat(8).as_str()), '
        '&ours_levenshtein::Text::from("sitting kittens at the mast".repeat(8).as_str())',
        '&"kitten sitting on the mat".repeat(8), &"sitting kittens at the mast".repeat(8)',
    ),
)
MAIN = """\
use std::time::Instant;

fn black_box<T>(value: T) -> T {
    // What std has for this is younger than the oldest rustc that is meant.
    unsafe {
        let seen = std::ptr::read_volatile(&value);
        std::mem::forget(value);
        seen
    }
}

fn best(mut run: impl FnMut()) -> f64 {
    let started = Instant::now();
    run();
    started.elapsed().as_secs_f64()
}

fn main() {
@ROWS@}
"""
ROW = """\
    {
        let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..@ROUNDS@ {
            ours = ours.min(best(|| drop(black_box(ours_@CRATE@::f(@OURS@)))));
            theirs = theirs.min(best(|| drop(black_box(theirs_@CRATE@::f(@THEIRS@)))));
        }
        let (one, other) = (format!("{:?}", ours_@CRATE@::f(@OURS@)), format!("{:?}", theirs_@CRATE@::f(@THEIRS@)));
        assert_eq!(one.trim_start_matches("Ok(").trim_end_matches(')'), other);
        println!("{ours} {theirs}");
    }
"""


def main() -> None:
    """Measure, and print a table."""
    options = arguments("native crates beside Rust by hand").parse_args()
    rustc = find_rustc()
    assert rustc is not None, "there is a rustc"
    with tempfile.TemporaryDirectory(prefix="portalis-native-") as folder:
        found = run(rustc, Path(folder), 1 if options.quick else ROUNDS)
    ratios = {kernel.name: ours / theirs for kernel, (ours, theirs) in zip(KERNELS, found, strict=True)}
    ratios["geometric mean"] = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
    rows = [[name, f"{ratio:.2f}"] for name, ratio in ratios.items()]
    show([Result("native crates", ["function", "time / time of Rust by hand"], rows, data=dict(ratios))], options.json)


def run(rustc: Rustc, folder: Path, rounds: int) -> list[tuple[float, float]]:
    """Return the seconds of each kernel: the crate's, and by hand."""
    externs, rows = [], ""
    for kernel in KERNELS:
        crate = kernel.name.replace(" ", "_")
        for path, text in emit_crate(lower(SourceFile(f"{crate}.py", kernel.python), "f", references=True)).files.items():
            (folder / crate / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / crate / path).write_text(text, encoding="utf-8")
        (folder / f"{crate}.rs").write_text(kernel.hand, encoding="utf-8")
        for name, root in ((f"ours_{crate}", folder / crate / "src/lib.rs"), (f"theirs_{crate}", folder / f"{crate}.rs")):
            library = folder / f"lib{name}.rlib"
            command = [rustc.path, "--edition=2021", "-Copt-level=3", "--crate-type=rlib", f"--crate-name={name}", str(root)]
            subprocess.run([*command, "-o", str(library)], check=True)
            externs.append(f"--extern={name}={library}")
        rows += ROW.replace("@CRATE@", crate).replace("@OURS@", kernel.ours).replace("@THEIRS@", kernel.theirs)
    (folder / "main.rs").write_text(MAIN.replace("@ROWS@", rows).replace("@ROUNDS@", str(rounds)), encoding="utf-8")
    program = folder / "main"
    subprocess.run([rustc.path, "--edition=2021", "-Copt-level=3", str(folder / "main.rs"), *externs, "-o", str(program)], check=True)
    lines = subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout.split("\n")
    return [(float(line.split()[0]), float(line.split()[1])) for line in lines if line]


if __name__ == "__main__":
    main()
