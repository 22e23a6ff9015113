"""accessrules beside its peers on one common problem, in one run: `python -m benchmarks.peers`."""
