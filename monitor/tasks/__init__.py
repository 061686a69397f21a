"""Long work that must survive a crash: big imports, retraining, sealing."""
