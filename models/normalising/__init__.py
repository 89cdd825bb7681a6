"""How one batch of landed rows becomes normalised tables, kind of value by kind of value.

- ``batch``: the landed rows with their mapping; finds columns, or says that the source drifted
- ``pieces``: gathers rows for the normalised tables, and defects, by landed row
- ``parties``: party type and names; whether a row says who it is about
- ``contacts``: identity numbers, phones, e-mails and addresses
- ``facts``: attributes, accounts, relationships and consents
- ``use``: which landed column feeds what
"""
