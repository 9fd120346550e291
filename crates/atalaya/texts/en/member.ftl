## A party's own page
slice-title = Our conversation about { $number }
slice-open = we are working on it
slice-closed = closed
slice-problem = There is a problem
slice-advice = What we recommend
slice-talk = What was said
slice-called = We called you.
slice-held = A mail of { $when } that answers ours is not shown here: we are not sure that it is from you. If you sent it, you need do nothing: it will stand here once we have made sure. If nobody of yours sent it, please tell us below.
slice-nothing = Nothing has been said yet.
slice-reply = Answer us
slice-words = Your message
slice-words-hint = It goes to our team only. Nobody else who takes part sees it unless you and we agree.
slice-files = Files, if they help
slice-send = Send
slice-empty = Write a message or choose a file
slice-thanks = Thank you, we have your message.
slice-link = Keep the address of this page to yourself: whoever has it can read and answer here.

## Answering a recommendation
answer-title = Our recommendation to you
answer-summary = Answer
answer-not-binding = It is a recommendation, not an order: what you do is yours to decide.
advice-kind-operational = for what happens now
advice-kind-best-practice = for the time after, as good practice
answer-question = What do you decide?
answer-accepted = We will do it
answer-accepted-hint = You can come back and say when it is done.
answer-done = It is done
answer-done-hint = Tell us below if something turned out differently.
answer-rejected = We will not do it
answer-rejected-hint = The reason helps us, but you need not give one.
answer-words = Your words, if you like
answer-send = Send the answer
answer-choose = Choose an answer
answer-thanks = Thank you, we have your answer. You can change it here at any time.
answer-withdrawn = We have withdrawn this recommendation. You need not do anything.
recommendation-state-sent = not answered yet
recommendation-state-accepted = you will do it
recommendation-state-rejected = you will not do it
recommendation-state-done = done
recommendation-state-withdrawn = withdrawn
recommendation-state-no-answer = not answered

## An organisation's own pages
member-title = Your organisation
member-zone = Times are those of { $zone }, unless they say UTC.
member-advice = Recommendations to answer
member-advice-none = Nothing waits for your answer.
member-messages-wait = { $count ->
    [one] No recommendation waits for your answer; one of our messages below does.
   *[other] No recommendation waits for your answer; { $count } of our messages below do.
 }
member-cases = Cases you take part in
member-older = Older cases
member-newest = Newest cases
member-cases-none = You take part in no case at the moment.
member-reports = Your reports
member-reports-none = Your organisation has not reported anything yet.
member-report-new = Report an incident
member-contacts = How we reach you
member-contacts-none = We have no contact for your organisation. Please tell us one.
member-contacts-hint = Is something wrong or missing? Please tell us at { $mail }.
member-number = Number
member-what = What
member-when = When
member-state = State
member-last = Last message
member-new = waits for your answer
member-back = Your organisation
member-report-title = Report { $number }
member-report-received = Received
member-report-case = We coordinate it under
member-state-new = received
member-state-open = being worked on
member-state-resolved = resolved
member-state-rejected = closed
member-state-abandoned = closed

## The organisation's events
member-events = What was seen in your networks
member-events-link = Reports of machines about your addresses, with counts and a download
member-events-about = Machines that watch the Internet report weaknesses and abuse of addresses. Here stands what was reported about yours, by the day on which it was seen. It may be outdated or mistaken: look before you act.
member-events-unread = One of the fields cannot be read. Write an address like 192.0.2.1, a network like 192.0.2.0/24, and days like 2026-11-23.
member-events-ip = Address or network
member-events-peer = The other side
member-events-all = All
member-events-from = From
member-events-to = To
member-events-show = Show
member-events-clear = Clear
member-events-none = Nothing was seen in these days.
member-events-count = { $count ->
    [one] { $count } event
   *[other] { $count } events
  }
member-events-chart = Events by day; the table below says the same
member-events-table = As a table
member-events-number = Events
member-events-list = One by one
member-events-subject = Address
member-events-more = Details
member-events-older = Older events
member-events-files = All of it as a file
member-events-broken = If a download breaks off
member-events-files-hint = The newest event comes first. If a download breaks off, ask again with “after=” and the time and the id of the last whole line, with a comma between.

## Contacts and networks, as the registry has them
registry-title = Your contacts and networks
registry-about = This is how our registry knows you: whom we write to, and whose networks' events are told to you. What you propose here changes nothing yet: a person of our team looks at it, and this page says what came of it.
registry-networks = Networks, AS numbers and domains
registry-networks-none = None is registered as yours, so that nothing can be told to you about events.
registry-contact-add = Propose a contact
registry-contact-change = Propose a change of a contact
registry-contact-end = A contact is not valid any more
registry-resource-add = Propose a network
registry-resource-end = This is not yours any more
registry-change = Change
registry-end = Not any more
registry-wishes = What you proposed
registry-open = our team looks at it
registry-approved = approved: it is changed
registry-refused = refused
registry-name = Name of the person or desk
registry-function = What it is for
registry-mail = Mail address
registry-phone = Phone
registry-language = Language, like en or es
registry-hours = When somebody answers
registry-value = Network, AS number or domain
registry-value-hint = Like 192.0.2.0/24, 2001:db8::/32, AS64500 or a.example
registry-last = Last day
registry-words = What our team should know to decide
registry-send = Propose it
registry-said = Thank you. Our team looks at it, and this page says what came of it.
registry-held-since = since { $from }
registry-held-until = until { $to }
registry-held-between = from { $from } until { $to }
registry-more = More networks
registry-more-contacts = { $count } more contacts are in our registry.
registry-bad-name = Write the name of the person or desk, in up to 200 letters.
registry-bad-function = Choose what the contact is for.
registry-bad-mail = Write the mail address, like abuse@a.example.
registry-bad-language = Write the language as a short tag, like en or es.
registry-bad-last = Write the last day, like 2026-11-30.
registry-bad-value = This is no network, AS number or domain that we can take. Write it like 192.0.2.0/24, 2001:db8::/32, AS64500 or a.example.
registry-bad-host = The address and the length of the network do not fit. Did you mean { $network }?
registry-bad-words = One of the texts is too long: write up to { $letters } letters.
registry-bad-many = { $count } of your proposals wait already. Our team decides about these first.
registry-bad-other = This cannot be taken. Look at what is written, and try again.
function-abuse = Abuse
function-security = Security
function-noc = Network operations
function-management = Management
function-legal = Legal
function-press = Press
registry-link = See them, and propose what should be changed

## Products that a member runs, and what is published for it
assets-title = Products that you run
assets-about = Tell us which products you run, and we tell you of what concerns them. Only your organisation and our team see this list.
assets-none = You have named none yet.
assets-product = Product
assets-vendor = Who makes it
assets-name = What it is called
assets-version = Release
assets-version-hint = As the product shows it, such as 7.2.3.
assets-names = Names for machines
assets-add = Add a product
assets-remove = Take out
assets-added = Added.
assets-removed = Taken out.
assets-link = Name the products that you run
error-said-asset-name = Write who makes it, and what it is called.
error-said-asset-long = This is too long, or has characters that nobody can see.
error-said-asset-cpe = Write the CPE name like cpe:2.3:a:vendor:product:7.2.3.
error-said-asset-purl = Write the package URL like pkg:npm/name@1.2.3.
error-said-asset-many = No more products fit: take some out first.
error-said-asset-there = This product is there already, in this release.
inside-title = Published for you
inside-about = What our team publishes for the organisations that it serves, and not for everybody. The label says how far you may pass it on.
inside-told = What we told you in particular
inside-told-none = Nothing so far.
inside-list = For constituents
inside-none = There is nothing that your organisation may read.
inside-label = Label
inside-ahead = not public yet
inside-link = See what is published for you
