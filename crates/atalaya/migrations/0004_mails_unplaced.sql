-- Mails that stand nowhere: not read yet, or a delivery report about a mail that is not ours.
create index mails_unplaced on mails (received_at desc, id) where noun_id is null;
