{
    "name": "Service Quality: Indicators",
    "summary": "Indicators by month from the company's own records, with charts, restatements and a workbook",
    "version": "19.0.0.1.0",
    "category": "Service Quality",
    "license": "LGPL-3",
    "author": "SQMS",
    "website": "https://github.com/sqms/sqms",
    "depends": ["sqms_base"],
    "external_dependencies": {"python": ["xlsxwriter"]},
    "data": [
        "security/sqms_kpi_groups.xml",
        "security/ir.model.access.csv",
        "security/sqms_kpi_rules.xml",
        "data/ir_cron.xml",
        "data/sqms_evidence_rule_data.xml",
        "views/sqms_measure_restatement_views.xml",
        "views/sqms_measure_views.xml",
        "views/sqms_indicator_views.xml",
        "views/manual_templates.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/maintenance_request_demo.xml",
        "demo/sqms_indicator_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "sqms_kpi/static/tests/tours/**/*",
        ],
    },
}
