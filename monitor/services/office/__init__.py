"""The office as its administrators change it: sections, staff, roles, deputies, machines."""
