#!/bin/sh
echo "Prisma's native engine is not used here. Apply migrations with: npm run migrate. Write one with: npm run migrate:new <name>" >&2
exit 1
