"""The playground: one page on which somebody types Python, sees what is made of it and runs that in the browser's own engine.

`page/` is served as it lies there. Nothing of it knows the compiler: what is shown comes in the answers of `/v1/translations`, and how a
module is called is what an answer's interface says. `page/vendor` is written by scripts/editor/build.mjs.
"""
