"""What people keep about lists: views, columns, what was opened last, what was done to many."""
