-- Deliveries are listed by when they came in.

create index web_deliveries_received on web_deliveries (received_at);
