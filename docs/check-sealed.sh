#!/bin/sh
# Compares what a sealed site serves with the list of check sums that its team signed.
#   check-sealed.sh SITE FINGERPRINT [options for curl]
#   check-sealed.sh https://csirt.example "6F1A 0B2C ..." --socks5-hostname 127.0.0.1:9050
# FINGERPRINT is that of the team's key, from paper or wherever the site has no hand in it. A site that
# serves others something else than you gives itself away only to those others: look from several places.
# A reader compares the console, too, where the own key is opened, as the own log-in gets it: with
#   CONSOLE=https://csirt.example COOKIE=session=... PAGES="/dialogues/readers /dialogues/S-2026-000001"
# in the environment (the cookie as the browser's own tools show it; SITE does not get it). Both scripts have to be as
# signed at the very address that the page writes; the pages may run and embed nothing else, and name the team's key.
# Ends with 0 if all is as signed, 1 if something is not, 2 if it cannot be compared.
# Needs curl, gpg and sha256sum.
set -u
if [ $# -lt 2 ]; then sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; fi
site=${1%/}
team=$(printf %s "$2" | tr -d ' :' | tr a-f A-F)
shift 2
home=$(mktemp -d) || exit 2
trap 'gpgconf --homedir "$home" --kill all 2>/dev/null; rm -rf "$home"' EXIT
bad=0
fetch() { # path, file, options for curl
  path=$1 file=$2
  shift 2
  curl --silent --show-error --fail --max-time 120 --dump-header "$home/head" --output "$home/$file" "$@" "$site$path"
}
run_gpg() { gpg --homedir "$home" --batch --quiet "$@" 2>>"$home/said"; }

fetch /sealed/team.asc team.asc "$@" && fetch /sealed/sums.asc sums.asc "$@" || { echo "$site: there is nothing to compare with" >&2; exit 2; }
run_gpg --import "$home/team.asc"
run_gpg --status-file "$home/status" --output "$home/sums" --decrypt "$home/sums.asc"
# The last word of this line is the fingerprint of the whole key, whichever part of it signed.
signed=$(sed -n 's/^\[GNUPG:\] VALIDSIG [^ ]* \([0-9-]*\) .* \([0-9A-F]*\)$/\2 \1/p' "$home/status")
if [ "${signed%% *}" != "$team" ] || grep -q '^\[GNUPG:\] \(EXPKEYSIG\|REVKEYSIG\|BADSIG\|ERRSIG\)' "$home/status"; then
  echo "$site/sealed/sums.asc: not signed by $team" >&2
  exit 1
fi

wrong() { echo "$1: $2" >&2 && bad=1; }
get() { # path, options for curl: into the file, unless it is not there or leads elsewhere
  path=$1
  shift
  if ! fetch "$path" file "$@"; then
    wrong "$path" "not there" && return 1
  elif grep -iq '^\(refresh\|link\|location\):' "$home/head"; then
    wrong "$path" "its headers lead elsewhere" && return 1
  fi
}
compare() { # path, sum, options for curl
  path=$1 sum=$2
  shift 2
  get "$path" "$@" || return
  [ "$(sha256sum <"$home/file" | cut -d' ' -f1)" = "$sum" ] || wrong "$path" "not what the team signed"
}

while read -r sum path; do
  [ -z "$path" ] || compare "$path" "$sum" "$@"
done <"$home/sums"
[ $bad = 0 ] && echo "$site: $(grep -c . "$home/sums") files are what the team signed on ${signed#* }"

[ -n "${CONSOLE:-}" ] || exit $bad
site=${CONSOLE%/}
set -- "$@" --cookie "${COOKIE:-}"
only="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
signed_as() { # file on our list, path as the page writes it, options for curl
  listed=$1 path=$2
  shift 2
  compare "$path" "$(sed -n "s|^\([0-9a-f]*\)  $listed\$|\1|p" "$home/sums")" "$@"
}
signed_as /sealed/assets/desk.js /dialogues/assets/desk.js "$@"
for page in ${PAGES:-/dialogues/readers}; do
  get "$page" "$@" || continue
  # Nothing runs but what our own addresses serve, and nothing leaves for others: the whole policy, to the letter.
  policy=$(sed -n 's/^content-security-policy: *//Ip' "$home/head" | tr -d '\r')
  [ "$policy" = "$only" ] || wrong "$page" "its policy is not the one that we know"
  tr '\n\r\t\f' '    ' <"$home/file" | tr '<' '\n' >"$home/tags"
  # Of all that can run, lead elsewhere or change what addresses mean, this and no more.
  grep -Ei '^(script|link|meta|base|style|template|i?frame|frameset|object|embed|applet|portal|fencedframe)([ />]|$)' "$home/tags" |
    grep -Ev '^script (src="/assets/console\.js(\?[0-9a-z.-]*)?" defer|type="module" src="/dialogues/assets/desk\.js" integrity="sha384-[A-Za-z0-9+/=]*")>' |
    grep -Ev '^link rel="(icon" href="/assets/favicon\.svg|stylesheet" href="/assets/atalaya\.css(\?[0-9a-z.-]*)?)"> *$' |
    grep -Ev '^meta (charset="utf-8"|name="viewport" content="width=device-width,initial-scale=1")> *$' >"$home/others"
  [ ! -s "$home/others" ] || wrong "$page" "it runs or embeds something else: <$(head -n 1 "$home/others" | cut -c 1-80)"
  # Whom the scripts take for the team. Their words, which they look up by this id alone, have a “team” too.
  teams=$(grep -v '^div id="sealed-words" hidden ' "$home/tags" | grep -oi "data-team *= *[\"'][^\"']*[\"']\|data-team *= *[^ \"'>]*" | sort -u)
  [ -z "$teams" ] || [ "$teams" = "data-team=\"$team\"" ] || wrong "$page" "it names another team's key"
  for path in $(sed -n 's/^script src="\([^"]*\)" defer>.*/\1/p' "$home/tags" | sort -u); do signed_as /assets/console.js "$path" "$@"; done
done
[ $bad = 0 ] && echo "$site: the console runs the scripts that the team signed, and no other"
exit $bad
