## What an organisation is told of the events on its networks
notice-subject-new = { $new ->
    [one] One new finding on your networks, { $severity } at worst
   *[other] { $new } new findings on your networks, { $severity } at worst
 }
notice-subject-lasting = { $lasting ->
    [one] One finding on your networks is still there
   *[other] { $lasting } findings on your networks are still there
 }
notice-subject-gone = { $gone ->
    [one] One finding on your networks is gone
   *[other] { $gone } findings on your networks are gone
 }
notice-opening = To { $organisation }

    { $team } receives reports about machines that are open to abuse, infected or misused. These are about networks, domains or AS numbers that are registered as yours.
notice-summary = { $events ->
    [one] One event since { $from } (UTC), about { $findings } different thing of yours. At worst: { $severity }.
   *[other] { $events } events since { $from } (UTC), about { $findings } different things of yours. At worst: { $severity }.
 }
notice-new = New since our last notice: { $count }
notice-again = Of these, seen again after they were gone: { $count }
notice-lasting = Told before, and still seen: { $count }
notice-gone = Told before, and no longer seen: { $count }
notice-wrong = Left out, because you called it wrong and we agreed: { $count }
notice-type-counts = New: { $new }. Still seen: { $lasting }. Gone: { $gone }. How bad: { $severity }.
notice-line = { $what } ({ $state }, since { $since }, last seen { $last }, times: { $times })
notice-more = ... and { $count } more, in the list
notice-guidance = More about what to do: { $page }
notice-more-types = There are { $count } more types of finding; the list has them all.
notice-attached = All { $lines } lines are in the attached list (CSV; times are UTC). You can fetch it again, and see earlier notices, after you log in at
    { $page }
notice-fetch = The list of all { $lines } lines (CSV; times are UTC) is on your page. Log in at
    { $page }
notice-attached-alone = All { $lines } lines are in the attached list (CSV; times are UTC). Nobody of you has a log-in here yet: answer this mail if you want one. Then you can fetch all lists and see earlier notices on your page.
notice-fetch-alone = The list of all { $lines } lines (CSV; times are UTC) is on a page for which nobody of you has a log-in yet. Answer this mail: we give you one, or send you the list.
notice-closing = What we advise is a recommendation, not an order: what you do is yours to decide. What is gone from the feeds for some days counts as gone, without a word from you. Is something wrong here, is it not yours, or should somebody else get these notices? Answer this mail; a person reads it.
notice-state-new = new
notice-state-again = seen again
notice-state-persisting = still seen
notice-state-gone = gone
notice-severity-0 = for information
notice-severity-1 = low
notice-severity-2 = medium
notice-severity-3 = high
notice-severity-4 = critical

## A member's page of notices
notices-title = Notices about your networks
notices-none = No notice has been sent to your organisation yet.
notices-number = Notice
notices-when = Sent
notices-new = New
notices-lasting = Still seen
notices-gone = Gone
notices-worst = At worst
notices-all = All notices
notices-list = Fetch the list (CSV)
notices-lines = { $count ->
    [one] one line
   *[other] { $count } lines
 }
notices-not-here = What this notice says may not be shown on a page. Please ask us for it at { $mail }.

## Types of the taxonomy
rsit-spam = Spam
rsit-harmful-speech = Harmful speech
rsit-violence = Sexual exploitation, sexual or violent content
rsit-infected-system = Infected system
rsit-c2-server = Command and control server
rsit-malware-distribution = Malware distribution
rsit-malware-configuration = Malware configuration
rsit-scanner = Scanning
rsit-sniffing = Sniffing
rsit-social-engineering = Social engineering
rsit-ids-alert = Exploitation of known vulnerabilities
rsit-brute-force = Login attempts
rsit-exploit = New attack signature
rsit-privileged-account-compromise = Privileged account compromise
rsit-unprivileged-account-compromise = Unprivileged account compromise
rsit-application-compromise = Application compromise
rsit-system-compromise = System compromise
rsit-burglary = Burglary
rsit-dos = Denial of service
rsit-ddos = Distributed denial of service
rsit-misconfiguration = Misconfiguration
rsit-sabotage = Sabotage
rsit-outage = Outage
rsit-unauthorised-information-access = Unauthorised access to information
rsit-unauthorised-information-modification = Unauthorised modification of information
rsit-data-loss = Loss of data
rsit-data-leak = Leak of confidential information
rsit-unauthorised-use-of-resources = Unauthorised use of resources
rsit-copyright = Copyright
rsit-masquerade = Masquerade
rsit-phishing = Phishing
rsit-weak-crypto = Weak cryptography
rsit-ddos-amplifier = Open to abuse for DDoS
rsit-potentially-unwanted-accessible = Service that is perhaps not meant to be open
rsit-information-disclosure = Service that may disclose information
rsit-vulnerable-system = Vulnerable system
rsit-other = Other
rsit-undetermined = Not determined
rsit-test = Test

## What stands: a member's page of findings
findings-title = What stands on your networks
findings-about = Everything that our notices told you of, with what became of it since. “New” is what the last notice told for the first time. What its source has not seen for some days, although it went on looking, is gone.
findings-none = Nothing here. What our notices tell you of stands on this page.
findings-new = New
findings-persisting = Known before
findings-gone = Gone
findings-since = Since
findings-last = Last seen
findings-more = { $count } more are in the lists of the notices.
findings-wrong = This is wrong
findings-words = Why is it wrong?
findings-words-hint = For example: the address is not yours, the service is not what it looks like, it is a test. A person of our team reads it; until then you are told as before.
findings-words-missing = Write why it is wrong, in up to 2,000 letters.
findings-say = Tell the team
findings-said = Thank you. Our team looks at it, and this page says what came of it.
findings-claim-open = you called it wrong; we look at it
findings-claim-accepted = wrong, as you said; it is left out of notices
findings-claim-refused = you called it wrong, and we do not think so
