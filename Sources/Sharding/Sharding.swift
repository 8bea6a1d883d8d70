// Sharding
