## What to do about each type of finding. One text for each type of the taxonomy.
guide-spam = What it means: unwanted mail leaves this address, or a site that it advertises lies there.
    What to do: look into the mail server's queue and logs for the account or script that sends, stop it, change its password, and let only your own mail servers send mail (port 25) out.
guide-harmful-speech = What it means: content that harasses or incites was reported here.
    What to do: keep a copy as evidence, check it against your terms of use and the law, and take it down or pass it on to whom it concerns.
guide-violence = What it means: content that is illegal in most places was reported here.
    What to do: do not copy or pass it on. Secure logs and account data, block access, and tell the police or your national hotline at once.
guide-infected-system = What it means: a machine behind this address spoke to a server that belongs to malware and is watched.
    What to do: find the machine by address, port and time (behind NAT, by its logs), take it off the network, clean or reinstall it, and change the passwords that were used on it.
guide-c2-server = What it means: a server here is said to command infected machines, often after a break-in.
    What to do: keep an image of it as evidence if you can, take it off the network, look for how it was broken into, and reinstall it.
guide-malware-distribution = What it means: malware can be fetched from this page or address.
    What to do: remove the files, look for how they came there (a stolen password, an old plug-in), close that way, and check the other sites on the same machine.
guide-malware-configuration = What it means: a file that steers malware lies here.
    What to do: keep a copy as evidence, remove it, and look for how it came there.
guide-scanner = What it means: this address asked many others for open services, often because it is infected.
    What to do: check whether somebody of yours scans on purpose; if not, treat the machine as infected: take it off the network, clean it, change its passwords.
guide-sniffing = What it means: traffic may have been recorded here.
    What to do: look for unknown programs and for network cards in promiscuous mode, and change what may have been read.
guide-social-engineering = What it means: somebody here tries to make people give away information.
    What to do: find the account or line it comes from, stop it, and warn those who were addressed.
guide-ids-alert = What it means: this address tried to use known weaknesses of others, often because it is infected itself.
    What to do: find the machine, take it off the network, clean or reinstall it, and close the weakness it was infected by.
guide-brute-force = What it means: this address tries many passwords on others' log-ins, often because it is infected itself.
    What to do: find the machine, take it off the network, clean it, and change its passwords. Where you let customers send such traffic, limit it.
guide-exploit = What it means: this address attacked others in a way that was not known before.
    What to do: keep what you can of logs and memory, take the machine off the network, and tell us what you find.
guide-privileged-account-compromise = What it means: somebody else seems to have administrative rights on this system.
    What to do: take it off the network, keep an image as evidence, reinstall it, and change all passwords and keys that it held.
guide-unprivileged-account-compromise = What it means: a user's account seems to be in somebody else's hands.
    What to do: end its sessions, change its password, switch on a second factor, and look at what was done with it.
guide-application-compromise = What it means: an application here seems to be changed or used by somebody else.
    What to do: take it offline, keep logs and a copy, put back a clean version with all updates, and change its passwords and keys.
guide-system-compromise = What it means: this system seems to be in somebody else's hands.
    What to do: take it off the network, keep an image as evidence, find how they came in, reinstall it, and change all passwords that were used on it.
guide-burglary = What it means: a place of yours seems to have been broken into.
    What to do: secure it, tell the police, and check which devices and media are missing or were touched.
guide-dos = What it means: a service is made to fail by crafted requests, here or from here.
    What to do: if it is yours that fails, update it and filter such requests; if they come from you, find the machine and stop it.
guide-ddos = What it means: this address takes part in, or is the aim of, a flood of traffic.
    What to do: if it is the source, find the machine, clean it or close the service that is abused; if it is the aim, ask your carrier for filters and tell us when it lasts.
guide-misconfiguration = What it means: a setting keeps a service from working, or from working safely.
    What to do: compare it with its maker's guide, mend it, and check it from outside.
guide-sabotage = What it means: a facility of yours seems to have been damaged on purpose.
    What to do: secure it, tell the police, and look for a way around.
guide-outage = What it means: a service of yours could not be reached.
    What to do: check power, lines and machines, and tell those who depend on it.
guide-unauthorised-information-access = What it means: somebody may have read what was not meant for them.
    What to do: close the way in, change the passwords and keys concerned, find out what was read, and check whether the law makes you tell those concerned.
guide-unauthorised-information-modification = What it means: content here was changed by somebody else, a defaced page for example.
    What to do: keep a copy and the logs, put back a clean version, and close the way in: old software and stolen passwords first.
guide-data-loss = What it means: data of yours may be lost.
    What to do: stop writing to the medium, look for the newest good backup, and try it before you need it.
guide-data-leak = What it means: credentials or other data of yours were seen where they should not be.
    What to do: change these passwords at once, everywhere they are used, switch on a second factor, and find out where they came from.
guide-unauthorised-use-of-resources = What it means: machines or accounts here are used for what you do not allow, such as mining or fraud.
    What to do: find account and machine, stop it, and close the way in.
guide-copyright = What it means: protected works are said to be offered here without permission.
    What to do: check the claim against the law that applies to you, and pass it on to whom it concerns.
guide-masquerade = What it means: something here pretends to be somebody else.
    What to do: look at it, take it down if it is so, and look for how it came there or who ordered it.
guide-phishing = What it means: a page here imitates another's log-in to collect passwords.
    What to do: take the page down, keep its files and logs as evidence (they may name the victims), and close the way in: most such pages lie on sites that were broken into.
guide-weak-crypto = What it means: a service accepts encryption that can be broken.
    What to do: switch off the old protocols and ciphers, update the software, and renew its certificate if its key is weak.
guide-ddos-amplifier = What it means: this service answers strangers with far more than they send, and is used to flood others.
    What to do: let it answer your own networks alone, switch it off if nobody needs it, and filter packets with forged senders (BCP 38).
guide-potentially-unwanted-accessible = What it means: a service that is meant for your own people can be reached from everywhere.
    What to do: close it at the firewall or put it behind a VPN; where it must be open, update it and ask for strong passwords and a second factor.
guide-information-disclosure = What it means: a service tells strangers more than it should, often without any password.
    What to do: ask for a log-in, close it at the firewall, and check in its logs who has read what.
guide-vulnerable-system = What it means: this service can be reached from everywhere, and is one that strangers break into: by a known weakness of its software, or because it asks for no password or a weak one.
    What to do: if nobody outside needs it, close it at the firewall or put it behind a VPN. Where it must be open, update it as its maker says and ask for a strong log-in over an encrypted connection. If it was open for long, look for signs of a break-in before you trust it again.
guide-other = What to do: look at the lines below and at the list; ask us if you do not see what is meant.
guide-undetermined = What to do: look at the lines below and at the list; ask us if you do not see what is meant.
guide-test = This is a test. There is nothing to do.
