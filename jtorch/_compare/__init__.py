"""`jtorch compare`: a program under jtorch and under PyTorch, side by side; see README.md."""
