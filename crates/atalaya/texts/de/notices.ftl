## Was eine Organisation über die Ereignisse in ihren Netzen erfährt
notice-subject-new = { $new ->
    [one] Ein neuer Fund in Ihren Netzen, höchste Schwere: { $severity }
   *[other] { $new } neue Funde in Ihren Netzen, höchste Schwere: { $severity }
 }
notice-subject-lasting = { $lasting ->
    [one] Ein Fund in Ihren Netzen ist noch da
   *[other] { $lasting } Funde in Ihren Netzen sind noch da
 }
notice-subject-gone = { $gone ->
    [one] Ein Fund in Ihren Netzen ist verschwunden
   *[other] { $gone } Funde in Ihren Netzen sind verschwunden
 }
notice-opening = An { $organisation }

    { $team } erhält Berichte über Geräte, die für Missbrauch offen, infiziert oder missbraucht sind. Diese betreffen Netze, Domains oder AS-Nummern, die als Ihre eingetragen sind.
notice-summary = { $events ->
    [one] Ein Ereignis seit { $from } (UTC), betroffene Dinge von Ihnen: { $findings }. Höchste Schwere: { $severity }.
   *[other] { $events } Ereignisse seit { $from } (UTC), betroffene Dinge von Ihnen: { $findings }. Höchste Schwere: { $severity }.
 }
notice-new = Neu seit unserer letzten Benachrichtigung: { $count }
notice-again = Davon wieder gesehen, nachdem sie verschwunden waren: { $count }
notice-lasting = Schon früher gesagt und noch gesehen: { $count }
notice-gone = Schon früher gesagt und nicht mehr gesehen: { $count }
notice-wrong = Weggelassen, weil Sie es falsch nannten und wir Ihnen recht gaben: { $count }
notice-type-counts = Neu: { $new }. Noch gesehen: { $lasting }. Verschwunden: { $gone }. Wie schlimm: { $severity }.
notice-line = { $what } ({ $state }, seit { $since }, zuletzt gesehen { $last }, Male: { $times })
notice-more = ... und { $count } mehr, in der Liste
notice-guidance = Mehr dazu, was zu tun ist: { $page }
notice-more-types = Es gibt { $count } weitere Arten von Funden; in der Liste stehen alle.
notice-attached = Alle { $lines } Zeilen stehen in der angehängten Liste (CSV; Zeiten sind UTC). Sie können sie wieder herunterladen und frühere Benachrichtigungen sehen, nachdem Sie sich angemeldet haben:
    { $page }
notice-fetch = Die Liste aller { $lines } Zeilen (CSV; Zeiten sind UTC) liegt auf Ihrer Seite. Melden Sie sich an:
    { $page }
notice-attached-alone = Alle { $lines } Zeilen stehen in der angehängten Liste (CSV; Zeiten sind UTC). Von Ihnen hat hier noch niemand einen Zugang: Antworten Sie auf diese Mail, wenn Sie einen wollen. Dann können Sie alle Listen herunterladen und frühere Benachrichtigungen auf Ihrer Seite sehen.
notice-fetch-alone = Die Liste aller { $lines } Zeilen (CSV; Zeiten sind UTC) liegt auf einer Seite, für die von Ihnen noch niemand einen Zugang hat. Antworten Sie auf diese Mail: Wir geben Ihnen einen oder schicken Ihnen die Liste.
notice-closing = Was wir raten, ist eine Empfehlung, keine Anweisung: Was Sie tun, entscheiden Sie. Was einige Tage lang nicht mehr gesehen wird, gilt als verschwunden, ohne dass Sie uns etwas sagen. Ist hier etwas falsch, gehört es nicht Ihnen, oder soll jemand anderes diese Benachrichtigungen bekommen? Antworten Sie auf diese Mail; ein Mensch liest sie.
notice-state-new = neu
notice-state-again = wieder gesehen
notice-state-persisting = noch gesehen
notice-state-gone = verschwunden
notice-severity-0 = zur Kenntnis
notice-severity-1 = niedrig
notice-severity-2 = mittel
notice-severity-3 = hoch
notice-severity-4 = kritisch

## Die Seite eines Mitglieds mit Benachrichtigungen
notices-title = Benachrichtigungen zu Ihren Netzen
notices-none = Ihrer Organisation wurde noch keine Benachrichtigung gesendet.
notices-number = Benachrichtigung
notices-when = Gesendet
notices-new = Neu
notices-lasting = Noch gesehen
notices-gone = Verschwunden
notices-worst = Höchste Schwere
notices-all = Alle Benachrichtigungen
notices-list = Liste herunterladen (CSV)
notices-lines = { $count ->
    [one] eine Zeile
   *[other] { $count } Zeilen
 }
notices-not-here = Was diese Benachrichtigung sagt, darf nicht auf einer Seite gezeigt werden. Bitte fragen Sie uns danach: { $mail }.

## Typen der Taxonomie
rsit-spam = Spam
rsit-harmful-speech = Schädliche Äußerungen
rsit-violence = Sexuelle Ausbeutung, sexuelle oder gewalttätige Inhalte
rsit-infected-system = Infiziertes System
rsit-c2-server = Steuerungsserver für Schadsoftware (C2)
rsit-malware-distribution = Verbreitung von Schadsoftware
rsit-malware-configuration = Konfiguration von Schadsoftware
rsit-scanner = Scannen
rsit-sniffing = Mitlesen von Verkehr
rsit-social-engineering = Täuschung von Menschen (Social Engineering)
rsit-ids-alert = Ausnutzen bekannter Schwachstellen
rsit-brute-force = Anmeldeversuche
rsit-exploit = Neues Angriffsmuster
rsit-privileged-account-compromise = Übernahme eines Kontos mit Sonderrechten
rsit-unprivileged-account-compromise = Übernahme eines Kontos ohne Sonderrechte
rsit-application-compromise = Übernahme einer Anwendung
rsit-system-compromise = Übernahme eines Systems
rsit-burglary = Einbruch in Räume
rsit-dos = Überlastung eines Dienstes (DoS)
rsit-ddos = Verteilte Überlastung (DDoS)
rsit-misconfiguration = Falsche Einstellung
rsit-sabotage = Sabotage
rsit-outage = Ausfall
rsit-unauthorised-information-access = Unbefugter Zugang zu Informationen
rsit-unauthorised-information-modification = Unbefugte Änderung von Informationen
rsit-data-loss = Datenverlust
rsit-data-leak = Abfluss vertraulicher Informationen
rsit-unauthorised-use-of-resources = Unbefugte Nutzung von Ressourcen
rsit-copyright = Urheberrecht
rsit-masquerade = Vortäuschen einer Identität
rsit-phishing = Phishing
rsit-weak-crypto = Schwache Verschlüsselung
rsit-ddos-amplifier = Für DDoS missbrauchbar
rsit-potentially-unwanted-accessible = Dienst, der vielleicht nicht offen sein soll
rsit-information-disclosure = Dienst, der vielleicht Informationen preisgibt
rsit-vulnerable-system = Verwundbares System
rsit-other = Anderes
rsit-undetermined = Nicht bestimmt
rsit-test = Test

## Was besteht: die Seite eines Mitglieds mit Funden
findings-title = Was in Ihren Netzen besteht
findings-about = Alles, was unsere Benachrichtigungen Ihnen gesagt haben, und was seither daraus wurde. „Neu“ ist, was die letzte Benachrichtigung zum ersten Mal gesagt hat. Was seine Quelle einige Tage lang nicht gesehen hat, obwohl sie weiter nachsah, ist verschwunden.
findings-none = Hier ist nichts. Was unsere Benachrichtigungen Ihnen sagen, steht auf dieser Seite.
findings-new = Neu
findings-persisting = Schon bekannt
findings-gone = Verschwunden
findings-since = Seit
findings-last = Zuletzt gesehen
findings-more = { $count } weitere stehen in den Listen der Benachrichtigungen.
findings-wrong = Das ist falsch
findings-words = Warum ist es falsch?
findings-words-hint = Zum Beispiel: Die Adresse gehört nicht Ihnen, der Dienst ist nicht, wonach er aussieht, es ist ein Test. Ein Mensch aus unserem Team liest es; bis dahin bekommen Sie Benachrichtigungen wie bisher.
findings-words-missing = Schreiben Sie, warum es falsch ist, in höchstens 2.000 Zeichen.
findings-say = Dem Team sagen
findings-said = Vielen Dank. Unser Team sieht es sich an, und diese Seite sagt, was daraus wurde.
findings-claim-open = Sie nannten es falsch; wir sehen es uns an
findings-claim-accepted = falsch, wie Sie sagten; es fehlt künftig in den Benachrichtigungen
findings-claim-refused = Sie nannten es falsch, und wir sehen es anders
