## Our OpenPGP keys
keys-title = Our OpenPGP keys
keys-lead = With these keys you can write to us so that nobody on the way reads it, and check that a mail is from us.
keys-mail = For mail
keys-held = held by the server
keys-held-text = Our server holds this key: it opens mail when it comes in and signs what we send. It protects your mail on its way. It does not protect it from somebody who has taken over our server.
keys-team = The team's key
keys-team-text = It signs the list of those who read sealed reports, and nothing else. It lies with people, not on the server. Do not encrypt mail to it.
keys-name = Key of
keys-fingerprint = Fingerprint
keys-until = Valid until
keys-download = Download the key
keys-by-program = Mail programs find it by our address. With gpg:
keys-verify = Is it really ours?
keys-verify-text = Whoever changes this page could change the key too. Compare the fingerprint with one that you got another way: on paper, by phone, or from somebody who knows us. Your program shows the fingerprint of the file:
keys-none = We have no OpenPGP key yet.
keys-link = OpenPGP key
