{
    "name": "Service Quality: Audits",
    "summary": "Audits with checklists, findings, answers of the audited and a report",
    "version": "19.0.0.1.0",
    "category": "Service Quality",
    "license": "LGPL-3",
    "author": "SQMS",
    "website": "https://github.com/sqms/sqms",
    "depends": ["sqms_base", "calendar"],
    "data": [
        "security/sqms_audit_groups.xml",
        "security/ir.model.access.csv",
        "security/sqms_audit_rules.xml",
        "report/sqms_audit_report.xml",
        "report/sqms_audit_templates.xml",
        "views/sqms_audit_template_views.xml",
        "views/sqms_audit_finding_views.xml",
        "views/sqms_audit_line_views.xml",
        "wizards/sqms_audit_load_template_views.xml",
        "views/sqms_audit_views.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/sqms_audit_template_demo.xml",
        "demo/sqms_audit_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "sqms_audit/static/tests/tours/**/*",
        ],
    },
}
