"""What setup/demo, setup/test, setup/odoo and setup/bench share. Standard library only."""
