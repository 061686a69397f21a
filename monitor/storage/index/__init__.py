"""The words of the search index: how texts are cut into them, which texts share them."""
