"""The stubs (`.pyi`) of jtorch: what type checkers and editors know of names made at run time."""
