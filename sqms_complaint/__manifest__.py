{
    "name": "Service Quality: Complaints",
    "summary": "Complaint handling on helpdesk tickets: public form, states, decisions, import",
    "version": "19.0.0.1.0",
    "category": "Service Quality",
    "license": "AGPL-3",
    "author": "SQMS",
    "website": "https://github.com/sqms/sqms",
    "depends": ["sqms_base", "helpdesk_mgmt"],
    "data": [
        "security/sqms_complaint_groups.xml",
        "security/ir.model.access.csv",
        "data/ir_sequence_data.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": [],
        "web.assets_frontend": [],
        "web.assets_tests": ["sqms_complaint/static/tests/tours/**/*"],
    },
}
