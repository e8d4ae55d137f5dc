# Sourced by the other scripts: what they ask of the machine.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() { printf '==> FAILED: %s\n' "$*" >&2; exit 1; }

# What cannot be had: said, and an error where everything is asked for (LOUQUN_REQUIRE_ALL=1, as in .ci/run).
miss() {
    [ -z "${LOUQUN_REQUIRE_ALL:-}" ] || fail "$*"
    printf '==> NOT THERE: %s\n' "$*" >&2
}

# $1 is there and not older than any of the others
newer() {
    local stamp=$1 file
    shift
    [ -e "$stamp" ] || return 1
    for file in "$@"; do [ "$stamp" -ot "$file" ] && return 1; done
    return 0
}

is_debian() { [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}" = debian ]); }
has_apt() { command -v apt-get >/dev/null; }

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    local lists
    lists=$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' 2>/dev/null | head -n 1)
    [ -n "$lists" ] || apt-get update -qq || return 1
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null  # the lists were too old
}

# $1: what for; the rest: Debian packages. Fails when they cannot be had.
try_packages() {
    local purpose=$1
    shift
    if [ "$(id -u)" = 0 ] && has_apt; then
        say "installing $purpose: apt-get install $*"
        apt_install "$@" && return
        miss "$purpose: apt-get could not install $*"
    elif has_apt; then
        miss "$purpose. To have it: sudo apt-get install --no-install-recommends $*"
    else
        miss "$purpose. Install it with this system's package manager (on Debian: $*)"
    fi
    return 1
}

need_packages() { LOUQUN_REQUIRE_ALL=1 try_packages "$@"; }

# Prints the interpreter to use: $PYTHON when given, else the first that will do; 3.13 and later cannot run wechaty.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.12 python3.11 python3 python3.13 python3.14}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    if [ -n "${PYTHON:-}" ]; then fail "PYTHON=$PYTHON is not Python 3.11 or later"; fi
    fail "Python 3.11 or later is needed. On Debian 12 and later, Ubuntu 24.04 and later: sudo apt-get install python3 python3-venv"
}

node_is_there() {
    command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null
}

# Prints where a Chromium is: on the path, or where playwright put its own.
find_browser() {
    local name
    for name in chromium google-chrome chrome; do command -v "$name" && return; done
    find "${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-/root}/.cache/ms-playwright}" -path '*chrome-linux*/chrome' 2>/dev/null | grep -m 1 .
}
