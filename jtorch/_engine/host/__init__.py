"""The host executor: recorded operations evaluated with numpy. See `README.md`."""
