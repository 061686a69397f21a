"""The office's own rules as administrators see them: lists, forms, differences, trials."""
