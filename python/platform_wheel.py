"""Puts the program, its lessons and the page into the wheel, as scripts/package names them."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What lies where in the package, by the variable that names it.
PARTS = {
    "TENSORAMA_WHEEL_PROGRAM": "tensorama/bin/tensorama",
    "TENSORAMA_WHEEL_INSTALLED_BY": "tensorama/bin/installed-by",
    "TENSORAMA_WHEEL_LESSONS": "tensorama/bin/lessons",
    "TENSORAMA_WHEEL_DOCS": "tensorama/bin/docs",
    "TENSORAMA_WHEEL_LIBRARIES": "tensorama/bin/lib",
    "TENSORAMA_WHEEL_LICENCES": "tensorama/licences",
    "TENSORAMA_WHEEL_PAGE": "tensorama/page",
}


class PlatformWheel(BuildHookInterface):
    """Without a program it is a wheel for every platform, which starts the one that TENSORAMA names."""

    def initialize(self, version, build_data):
        if version == "editable":
            return
        for variable, place in PARTS.items():
            if os.environ.get(variable):
                build_data["force_include"][os.environ[variable]] = place
        platform = os.environ.get("TENSORAMA_WHEEL_PLATFORM")
        if platform:
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform}"
