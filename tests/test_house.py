"""What must hold of the repository as a whole."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "documents", "domain", "handlers", "schedules", "storage", "understanding", "web")
SCRIPTS = (".ci/run", "scripts/setup.sh", "scripts/test.sh", "scripts/bench.sh")
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".sh", ".json", ".html", ".css", ".js", ".mjs", ""}


def tracked() -> list[Path]:
    """What belongs to the repository; in an unpacked archive without git, all that is there but the caches."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False) if (ROOT / ".git").exists() else None
    if listed and listed.returncode == 0:
        return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    caches = {".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not caches & set(path.relative_to(ROOT).parts)]


def texts() -> list[tuple[Path, str]]:
    return [(path, path.read_text(encoding="utf-8")) for path in tracked() if path.suffix in TEXT_SUFFIXES]


def sources(*folders: str) -> list[Path]:
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


OURS = sources(*PACKAGES, "benchmarks")


@pytest.mark.parametrize("path", OURS, ids=named)
def test_a_file_has_at_most_400_lines_and_a_function_50(path: Path):
    text = path.read_text(encoding="utf-8")
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f.name: size for f in functions if (size := (f.end_lineno or f.lineno) - f.lineno + 1) > 50}
    assert text.count("\n") <= 400
    assert long == {}


def test_most_functions_are_short():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in OURS]
    functions = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    sizes = sorted((f.end_lineno or f.lineno) - f.lineno + 1 for f in functions)
    assert sizes[len(sizes) * 9 // 10] <= 25


@pytest.mark.parametrize("path", sources(*PACKAGES), ids=named)
def test_no_rule_is_switched_off_in_the_code(path: Path):
    found = re.findall(r"#\s*(?:type:\s*ignore|noqa|pragma).*", path.read_text(encoding="utf-8"))
    assert [line for line in found if "type: ignore" in line or ":" not in line] == []


def test_nothing_is_marked_as_unfinished():
    marks = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X|H[A]CK)\b|NotImplemented[E]rror")  # brackets: not to find itself
    assert [(named(path), mark) for path, text in texts() if path.suffix == ".py" for mark in marks.findall(text)] == []


def modules() -> list[str]:
    names = []
    for path in sources(*PACKAGES):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" in parts or parts[-1] == "__main__" or parts[:3] == ("bot", "channels", "wechaty"):
            continue  # Alembic loads its own, __main__ runs, and wechaty is an extra with tests of its own
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


@pytest.mark.parametrize("name", modules())
def test_a_module_can_be_imported(name: str):
    assert import_module(name).__name__ == name


def imported(folder: str) -> set[str]:
    """The first parts of what the files of a folder import."""
    nodes = [node for path in sources(folder) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    plain = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module.split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_the_domain_imports_the_standard_library_only():
    assert imported("domain") - set(sys.stdlib_module_names) == {"domain"}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def distribution(requirement: str) -> str:
    name = "".join(takewhile(lambda c: c.isalnum() or c in "-_.", requirement))
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_migration_follows_the_one_before():
    """Two that were written at the same time take different numbers."""
    found = []
    for path in sorted((ROOT / "storage" / "migrations" / "versions").glob("m*.py")):
        text = path.read_text(encoding="utf-8")
        [revision, before] = re.findall(r'^(?:down_)?revision = "?(\w+)"?$', text, re.MULTILINE)
        found.append((path.stem[1:5], revision, before))
    numbers = [f"{n:04}" for n in range(1, len(found) + 1)]
    assert found == list(zip(numbers, numbers, ["None", *numbers], strict=False))


def test_every_imported_package_is_declared():
    declared = project()["project"]
    extras = declared["optional-dependencies"]
    optional = [requirement for name in ("wechaty", "postgres", "train") for requirement in extras[name]]
    allowed = {distribution(requirement) for requirement in [*declared["dependencies"], *optional]}
    foreign = {name for folder in PACKAGES for name in imported(folder)} - set(sys.stdlib_module_names) - set(PACKAGES)
    owners = packages_distributions()
    missing = {name for name in foreign if name in owners and not {distribution(d) for d in owners[name]} & allowed}
    assert missing == set()


def test_every_declared_package_has_an_exact_version():
    declared = project()["project"]
    wanted = {distribution(r) for group in declared["optional-dependencies"].values() for r in group}
    wanted |= {distribution(r) for r in declared["dependencies"]}
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert wanted - {distribution(line) for line in lines} == set()


def test_the_import_rules_are_there():
    contracts = project()["tool"]["importlinter"]["contracts"]
    assert sorted({contract["type"] for contract in contracts}) == ["forbidden", "layers", "protected"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    assert {name for layer in layers for name in re.findall(r"\w+", layer)} == set(PACKAGES)


def test_every_switched_off_lint_rule_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ruff = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pylint]")]
    rules = [line for line in ruff.splitlines() if re.match(r'\s+"[A-Z]+\d*"', line)]
    assert len(rules) > 10
    assert [line for line in rules if not re.search(r'",\s+# \S', line)] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readmes_name_the_two_commands(readme: str, command: str):
    assert command in (ROOT / readme).read_text(encoding="utf-8")


def test_links_between_documents_lead_somewhere():
    broken = []
    for path, text in texts():
        if path.suffix == ".md":
            targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
            broken += [(named(path), target) for target in targets if not (path.parent / target).exists()]
    assert broken == []


def outside(path: Path, text: str) -> list[str]:
    """Relative paths in a file that would lead out of the repository, wherever they are meant from."""
    found = re.findall(r"(?<![\w/.])(?:\.\./)+[\w.-]+", text)
    return [target for target in found if not (path.parent / target).resolve().is_relative_to(ROOT)]


def test_no_path_of_somebodys_machine():
    places = [str(ROOT), *([home] if (home := str(Path.home())) != "/" else [])]
    machine = re.compile("|".join(rf"{re.escape(place)}/[\w./-]+" for place in places))
    mine = [(named(path), found) for path, text in texts() for found in machine.findall(text)]
    assert mine + [(named(path), found) for path, text in texts() for found in outside(path, text)] == []


def test_no_registry_is_named_by_its_host():
    hosts = re.compile(
        r"(?:registry\.npm|registry\.yarn|pypi\.org/simple|files\.pythonhosted|npmmirror|tuna\.tsinghua)[\w./-]*"
    )
    here = ROOT / "tests" / "test_house.py"
    assert [(named(p), m) for p, text in texts() if p != here for m in hosts.findall(text)] == []


def test_the_dockerfile_copies_what_is_there():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    copies = [line.split()[1:] for line in text.splitlines() if line.startswith("COPY") and "--from" not in line]
    copied = {source for words in copies for source in words[:-1]}
    assert {source for source in copied if not (ROOT / source).exists()} == set()
    assert {*PACKAGES, "texts", "pyproject.toml", "constraints.txt", "config.yaml"} <= copied
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied <= kept


def test_the_dockerfile_does_not_run_as_root_and_checks_health():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    final = text[text.rindex("\nFROM ") :]
    assert re.search(r"^USER (?!root|0\b)\w+", final, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\n?.*/healthz", final, re.MULTILINE)
    assert re.search(r"^VOLUME ", final, re.MULTILINE)


def test_the_wheel_has_every_package():
    assert set(project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == {*PACKAGES, "texts"}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run(script: str):
    assert subprocess.run(["bash", "-n", script], cwd=ROOT, check=False).returncode == 0
    assert (ROOT / script).stat().st_mode & 0o111


@pytest.mark.parametrize("target", ["run", "test", "check", "soak", "bench", "format"])
def test_the_makefile_has_what_the_documents_name(target: str):
    asked = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=False)
    assert asked.returncode == 0


def test_the_ci_entry_runs_the_same_two_commands_as_a_person():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "for target in check test; do" in text
    assert 'make "$target"' in text
    assert not re.search(r"\|\|\s*(?:true|:)|set \+e|continue", text)
