-- What tickets have in common, for searches by filters alone: which tickets ever had this priority, kind and so on. Kept
-- by the search index; never taken back, because what is found is compared with the ticket itself.
CREATE TABLE search_facet (
  facet TEXT NOT NULL,               -- field:value
  ticket INTEGER NOT NULL,
  PRIMARY KEY (facet, ticket)
) STRICT, WITHOUT ROWID;

INSERT INTO search_facet (facet, ticket)
SELECT 'priority:' || priority, number FROM ticket
UNION ALL SELECT 'kind:' || kind, number FROM ticket
UNION ALL SELECT 'channel:' || channel, number FROM ticket
UNION ALL SELECT 'language:' || language, number FROM ticket WHERE language IS NOT NULL
UNION ALL SELECT 'state:' || state, number FROM ticket WHERE is_open = 0
UNION ALL SELECT 'technology:' || lower(hex(technology)), number FROM ticket WHERE technology IS NOT NULL
UNION ALL SELECT 'from:' || requester_email, number FROM ticket
UNION ALL SELECT 'from:' || substr(requester_email, length(rtrim(requester_email, replace(requester_email, '@', '')))),
                 number FROM ticket
ORDER BY 1, 2;
