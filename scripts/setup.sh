#!/usr/bin/env bash
# Makes ready what a target of the Makefile needs, and says what it does. Usage: scripts/setup.sh run|check|test|bench
#   run    the virtual environment with what the running bot needs
#   check  the virtual environment with everything that is checked and tested
#   test   as check, with the puppet server's packages and a browser
#   bench  as check, with the puppet server's packages
# Needs no network when nothing has changed: the stamps in .venv and tests/puppet/node_modules say so.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/system.sh

want=${1:?expected run, check, test or bench}
venv=.venv
everything="[postgres,wechaty,dev,bench]"

make_venv() {
    [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null && return
    local python
    python=$(find_python)
    say "making $venv with $("$python" --version)"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        local version
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        need_packages "the standard library's venv module" "python$version-venv"
    fi
    "$python" -m venv --clear "$venv"
}

# $1: name of the stamp, $2: the extras
install() {
    local stamp="$venv/.$1-ready"
    if newer "$stamp" pyproject.toml constraints.txt; then return; fi
    say "installing the packages of '$1' into $venv (versions: constraints.txt)"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".$2" \
        || fail "pip could not install them, see above. Behind a mirror or proxy, set pip up for it and run this again."
    touch "$stamp"
}

puppet_packages() {
    [ -f tests/puppet/package-lock.json ] || return 0
    local stamp=tests/puppet/node_modules/.ready
    if newer "$stamp" tests/puppet/package.json tests/puppet/package-lock.json; then return; fi
    if ! node_is_there; then
        try_packages "Node.js 18 or later with npm, for the tests of the wechaty channel" nodejs npm || return 0
        node_is_there || { miss "Node.js here is older than 18: the tests of the wechaty channel are left out"; return 0; }
    fi
    say "installing the puppet server's packages into tests/puppet/node_modules"
    if (cd tests/puppet && npm ci --no-audit --no-fund --loglevel=error); then
        touch "$stamp"
    else
        miss "npm could not install the puppet server: the tests of the wechaty channel are left out"
    fi
}

browser() {
    if find_browser >/dev/null; then return; fi
    if is_debian; then
        try_packages "Chromium, for the tests in a real browser" chromium || return 0
    elif [ "$(id -u)" = 0 ]; then  # Ubuntu's package is a snap, which a container cannot run
        say "installing Chromium through playwright"
        "$venv/bin/python" -m playwright install --with-deps chromium \
            || miss "Chromium could not be installed: the tests in a real browser are left out"
    else
        miss "Chromium is not here: the tests in a real browser are left out. To have them: sudo $venv/bin/python -m playwright install --with-deps chromium"
    fi
}

make_venv
case $want in
    run) newer "$venv/.test-ready" pyproject.toml constraints.txt || install run "" ;;
    check) install test "$everything" ;;
    bench)
        install test "$everything"
        puppet_packages
        ;;
    test)
        install test "$everything"
        "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info >= (3, 13))' \
            || miss "wechaty does not run on Python 3.13 and later: the tests of that channel are left out (PYTHON=python3.12 make test)"
        puppet_packages
        browser
        ;;
    *) fail "expected run, check, test or bench, got '$want'" ;;
esac
