"""The tape: its graph, the walk through it, and the derivatives of kernels; it knows no operation."""
