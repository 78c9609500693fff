"""jtorch for TPU, proven by Google's own compiler on a machine that has no TPU."""
