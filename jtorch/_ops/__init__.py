"""The op table: rows by family; see README.md here."""
