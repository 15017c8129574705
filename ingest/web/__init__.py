"""What links lead to: pages, feeds and sitemaps, fetched safely and politely."""
