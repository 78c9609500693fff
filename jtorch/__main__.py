"""`python -m jtorch script.py args...`; see `_runner.py`."""

from jtorch._runner import main

if __name__ == "__main__":
    main()
