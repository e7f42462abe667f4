// A child of the supervisor's test: says that it is ready, and what it was told; ends when asked to.
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send({ ready: true, lines: [`I am ${process.argv[2]}`] });
console.log(`pid ${process.pid}`);
setInterval(() => undefined, 1_000);
