{
    "name": "Service Quality: Base",
    "summary": "Quality policies, controlled documents and the platform of the service quality management system",
    "version": "19.0.0.1.0",
    "category": "Service Quality",
    "license": "LGPL-3",
    "author": "SQMS",
    "website": "https://github.com/sqms/sqms",
    "depends": ["mail", "portal", "hr", "maintenance", "gamification", "survey"],
    "data": [
        "security/sqms_base_groups.xml",
        "views/menus.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": [
            "sqms_base/static/src/**/*",
        ],
    },
    "application": True,
}
