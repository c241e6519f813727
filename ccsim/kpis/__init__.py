"""What can be measured: KPIs, the rules of service level, and what goals may ask of them. Imports nothing of ccsim."""
