"""What programs import of Python's own library, as ordinary Python: functions, classes and exceptions that are translated with a program.

Each file is a module of the same name. A program that uses a name of it is translated as if it had defined it: specialised by type, and no
more of it than is reached. CPython runs the real module beside it, and not one bit may differ. A public name of a file that is also in
`IMPORTABLE` (`library/import_time.py`) is one that programs may use; names that begin with an underscore are the file's own. A file imports
`math` and other files of this folder, and uses no `nonlocal` and no import inside a function.
"""
