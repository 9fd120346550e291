## Der Rahmen jeder Seite
to-content = Zum Inhalt
nav-main = Hauptmenü
nav-menu = Menü
nav-report = Vorfall melden
nav-sealed = Versiegelt melden
nav-sealed-tor = Diese Adresse öffnet der Tor Browser
nav-status = Meldung verfolgen
nav-login = Anmelden
nav-member = Ihre Organisation
nav-console = Konsole
nav-yours = Ihr Menü
nav-logout = Abmelden
fallback = Diese Seite gibt es noch nicht auf { $language }. Sie sehen sie auf Englisch.

## Wenn etwas nicht gelingt
error-home = Zurück zum Anfang
error-not-found-title = Hier ist nichts
error-not-found-text = Die Adresse ist vielleicht falsch, oder was hier stand, ist nicht für Sie bestimmt. Wenn Sie einem Link von uns gefolgt sind, prüfen Sie, ob er vollständig ist.
error-log-in-title = Bitte melden Sie sich an
error-log-in-text = Sie sind nicht angemeldet, oder Ihre Sitzung ist abgelaufen. Melden Sie sich an und versuchen Sie es noch einmal.
error-invalid-title = Das konnten wir nicht annehmen
error-invalid-text = Es wurde nichts geändert. Gehen Sie im Browser zurück: Was Sie eingegeben haben, ist noch da.
error-conflict-title = Das geht jetzt nicht
error-conflict-text = Es wurde nichts geändert. Gehen Sie zurück zur Seite und laden Sie sie neu, um den Stand zu sehen.
error-barred-title = Das kann nur tun, für wen die Seite bestimmt ist
error-barred-text = Sie sind als Mitglied des Teams angemeldet, und das Team antwortet für niemanden. Schreiben Sie stattdessen im Fall auf, was Sie gehört haben. Um die Seite so zu sehen, wie andere sie sehen, öffnen Sie ein privates Fenster.
error-overtaken-title = Jemand war schneller
error-overtaken-text = Es wurde im selben Augenblick geändert, darum wurde von Ihnen nichts geändert. Versuchen Sie es noch einmal.
error-too-many-title = Zu viele Versuche
error-too-many-text = Warten Sie ein paar Minuten und versuchen Sie es dann noch einmal. Es ist nichts verloren.
error-full-title = Im Moment können wir nichts Neues aufbewahren
error-full-text = Unser Speicher ist voll. Was wir aufbewahrt haben, ist sicher. Bitte schreiben Sie uns eine Mail oder versuchen Sie es später noch einmal.
error-away-title = Unsere Datenbank antwortet im Moment nicht
error-away-text = Nichts, was wir bestätigt haben, ist verloren. Wir versuchen, sie wieder zu erreichen; bitte versuchen Sie es gleich noch einmal.
error-unanswered-title = Ereignisse lassen sich im Moment nicht nachsehen
error-unanswered-text = Was gespeichert ist, ist sicher. Wo die Ereignisse liegen oder was Fragen zu ihnen beantwortet, ist nicht erreichbar oder konnte hierauf nicht antworten. Fragen Sie gleich noch einmal, oder nach weniger Tagen.
error-retry = Noch einmal fragen
error-typed = Was Sie eingegeben haben, bleibt auf dieser Seite. Lassen Sie sie offen und senden Sie es von hier noch einmal.
error-typed-log-in = Was Sie eingegeben haben, bleibt auf dieser Seite. Lassen Sie sie offen: Melden Sie sich in einem anderen Tab an, kommen Sie hierher zurück und senden Sie es noch einmal.
error-words = Was Sie geschrieben haben
error-files = Wählen Sie die Dateien noch einmal aus, wenn es welche gab
error-again = Noch einmal senden
error-fault-title = Bei uns ist etwas schiefgegangen
error-fault-text = Nichts, was wir bestätigt haben, ist verloren. Bitte versuchen Sie es gleich noch einmal; bleibt es so, dann schreiben Sie uns.

## Daten: sieben Wochentage ab Montag und zwölf Monate, mit Komma dazwischen
date-weekdays = Mo, Di, Mi, Do, Fr, Sa, So
date-months = Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember
date-full = { $weekday }, { $day }. { $month } { $year }, { $time } ({ $zone })
date-brief = { $weekday }, { $day }. { $month } { $year }, { $time }
date-day = { $weekday }, { $day }. { $month } { $year }
error-said-other-site = Dieses Formular wurde von einer anderen Website gesendet; öffnen Sie es hier und senden Sie es noch einmal.
error-said-too-much = Das ist mehr, als wir auf einmal annehmen können.
error-said-too-large = Diese Dateien sind größer, als wir annehmen können.
error-said-broken = Es kam nicht vollständig an; nichts davon wurde aufbewahrt. Bitte senden Sie es noch einmal.
error-said-answered = Das wurde inzwischen beantwortet. Lesen Sie die Antwort, die jetzt hier steht, und senden Sie Ihre, wenn sie noch gilt.
error-said-button = Bitte benutzen Sie den Knopf des Formulars.
