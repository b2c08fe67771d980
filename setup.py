"""What pre-commit and prek install for `language: python`: the wheel of the same version.

They run `pip install .` in a checkout of a tag. Building from there would compile Rust on every
machine, so this holds nothing and asks for the wheel. The wheel itself is built by maturin from
packaging/pypi/pyproject.toml, which may not lie beside this file in a tag: pip would prefer it.
"""

import pathlib
import re

from setuptools import setup

manifest = (pathlib.Path(__file__).parent / "Cargo.toml").read_text(encoding="utf-8")
version = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE).group(1)

setup(
    name="straykey-pre-commit",
    version=version,
    packages=[],
    py_modules=[],
    # Cargo writes 1.0.0-rc.1 where Python has 1.0.0rc1; both mean the same to pip.
    install_requires=[f"straykey=={version}"],
)
