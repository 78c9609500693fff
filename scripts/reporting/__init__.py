"""The suite's own report: what is gathered, and how it is shown; `scripts/report`, docs/report.md."""
