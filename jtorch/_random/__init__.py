"""PyTorch's random streams of the CPU, in numpy, without tensors; README.md tells how they run."""
