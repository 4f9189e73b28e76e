"""What people call the columns of our layouts. Pure data.

A field of both layouts stands as "field-of-one field-of-the-other"; a guess takes the
one that its layout has.
"""

from providers.text import plain

_HEADINGS = {
    "name": "clinic|clinic name|practice|practice name|provider|provider name|facility|"
    "facility name|business|business name|organization|center|location name|name1|"
    "company|listing",
    "street": "address|street address|address 1|address line 1|address1|street 1|"
    "addr|location|mailing address|street1",
    "street2": "suite|unit number|apt|floor|address 2|address line 2|address2|street 2",
    "city": "town|city town|municipality|locality",
    "region": "state|province|state province|st|state code|county|territory",
    "postcode": "zip|zip code|zipcode|postal code|postal|post code|postalcode|zip5",
    "country": "nation|country code",
    "phone": "tel|telephone|phone number|phone no|contact number|number|phone 1|"
    "main phone|office phone|contact phone|tel no",
    "email": "e mail|email address|mail|contact email",
    "website": "web|url|site|web site|web address|homepage|web page|link",
    "npi": "npi number|npi no|national provider identifier",
    "latitude": "lat|y",
    "longitude": "lon|lng|long|x",
    "status": "open closed|open|operating status",
    "routes route": "route|routes|route of administration|administration|how given|"
    "method of administration|ketamine type|type of ketamine|type|treatments|services|"
    "services offered|treatments offered|treatment|treatment type|form|offers|ketamine",
    "kap": "kap offered|offers kap|psychotherapy|ketamine assisted psychotherapy|"
    "with therapy|does kap|assisted therapy",
    "modality setting": "setting|modality|where|in person|in person or online|place|"
    "place of treatment",
    "therapy": "level of therapy|therapy level|therapy included|therapy",
    "format": "individual or group|session format|group",
    "variant": "program|protocol|indication",
    "serves": "states served|serves states|licensed in|telehealth states",
    "price_min": "price|prices|cost|costs|fee|rate|price per session|cost per session|"
    "cost per treatment|price per treatment|cost per infusion|price per infusion|"
    "cost per visit|price per visit|fee per session|session price|session cost|"
    "session fee|infusion cost|infusion price|price from|min price|minimum price|"
    "lowest price|price low|cost low|low|amount|price usd|cost usd|self pay price|"
    "cash price|out of pocket|quoted price|price quoted",
    "price_max": "price to|max price|maximum price|highest price|price high|cost high|"
    "high|up to",
    "price_currency currency": "currency|currency code|money",
    "price_unit unit": "unit|price unit|per|price per|billed per",
    "price_route": "price is for|priced route",
    "accepts_insurance": "insurance accepted|takes insurance|accepts insurance|"
    "insured|in network",
    "payment": "insurance|insurances|insurance plans|plans|plans accepted|payers|"
    "payment methods|payment options|payment|financing|ways to pay",
    "languages": "language|languages spoken|spoken languages",
    "telehealth": "telemedicine|online visits|video visits|virtual|offers telehealth",
    "age_groups": "ages|ages served|age groups|age group|age",
    "programs": "populations|special programs|specialties|groups served",
    # Shown to patients, so what a caller noted for herself is not taken for it.
    "notes note_en": "description|about|about us|details",
    "checked_on": "called on|date called|call date|date of call|called|date checked|"
    "checked|checked on|last checked|verified|verified on|date verified|last verified|"
    "last called|date|as of|updated|last updated|phoned on|date phoned|"
    "date of contact|contacted on|contact date",
    "method": "how checked|how verified|checked by means of|verification method",
    "checked_by": "caller|called by|checked by|verified by|who called|initials|"
    "volunteer|staff",
    "source": "data source",
    "source_id": "id|ref|reference|record id|external id",
    "source_url": "source link|source url",
    "kind": "what|fee type|price type|item|charge|service",
    "payee": "paid to|billed by",
    "package_size": "sessions in package|package size|number of sessions|sessions",
    "count_min": "times|times in a course|visits in a course|sessions in a course",
    "count_max": "times at most|most times in a course",
    "minutes": "length|duration|session length|minutes",
    "applies_to": "for whom|applies to|who pays|payer type",
    "includes": "included|covers|price includes",
    "superseded_on": "ended|valid until|until|end date",
    "slug": "kapfinder|kapfinder page|listing address",
}
FIELDS_OF_HEADING = {
    plain(heading): fields
    for fields, headings in _HEADINGS.items()
    for heading in headings.split("|")
}
