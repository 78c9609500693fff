"""`jtorch check`: which names of torch's a program uses, and which jtorch lacks; see README.md."""
