"""The benchmarks behind `scripts/bench`; docs/benchmarks.md says how to read what they give."""
