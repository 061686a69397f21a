"""值班表 as its page shows it: days of a week or a month with who is on duty and who is away."""
