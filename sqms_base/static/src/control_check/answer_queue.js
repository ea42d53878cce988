/**
 * Answers on their way to the server: sent one after the other, kept while the network is away, sent again when it is back.
 *
 * 1. What a person gave last for a point is what is sent; nothing is sent twice at the same time.
 * 2. An answer leaves the queue when the server has it, or has refused it (then it is told why).
 * 3. Answers survive a reload of the page (`store`); photos are too large for that and wait in memory.
 */
export class AnswerQueue {
    /**
     * @param {Object} params
     * @param {(job: Object) => Promise} params.send resolves when the server has the answer
     * @param {(error: Error) => boolean} params.isAway whether an error means that the network is away
     * @param {(queue: AnswerQueue) => void} [params.onChange]
     * @param {(job: Object, result: any) => void} [params.onDone]
     * @param {(job: Object, error: Error) => void} [params.onRefused]
     * @param {{get: () => string|null, set: (text: string|null) => void}} [params.store]
     */
    constructor({ send, isAway, onChange, onDone, onRefused, store }) {
        Object.assign(this, { send, isAway, store });
        this.onChange = onChange || (() => {});
        this.onDone = onDone || (() => {});
        this.onRefused = onRefused || (() => {});
        this.jobs = [];
        this.isOffline = false;
        this.running = null;
        this.restore();
    }

    get count() {
        return this.jobs.length;
    }

    get photos() {
        return this.jobs.filter((job) => job.photo).length;
    }

    /** Whether something of this point is still on its way. */
    waits(key) {
        return this.jobs.some((job) => job.row === key);
    }

    /** The answer of a point that is still on its way, or undefined. */
    pending(key) {
        const job = this.jobs.find((other) => other.row === key && !other.photo);
        return job && job.values;
    }

    /** Keep an answer and send it as soon as possible. A later answer to the same point takes the place of the earlier. */
    push(job) {
        const known =
            !job.photo && this.jobs.find((other) => other.row === job.row && !other.photo && !other.isUnderway);
        if (known) {
            known.values = { ...known.values, ...job.values };
        } else {
            this.jobs.push({ ...job });
        }
        this.save();
        this.onChange(this);
        return this.flush();
    }

    /** Send what waits, in order. Resolves to whether everything has arrived. */
    flush() {
        if (!this.running) {
            this.running = this.run().finally(() => {
                this.running = null;
            });
        }
        return this.running;
    }

    async run() {
        while (this.jobs.length) {
            const job = this.jobs[0];
            job.isUnderway = true;
            try {
                const result = await this.send(job);
                this.isOffline = false;
                this.take(job);
                this.onDone(job, result);
            } catch (error) {
                job.isUnderway = false;
                if (this.isAway(error)) {
                    this.isOffline = true;
                    this.onChange(this);
                    return false;
                }
                this.take(job);
                this.onRefused(job, error);
            }
            this.onChange(this);
        }
        return true;
    }

    take(job) {
        this.jobs = this.jobs.filter((other) => other !== job);
        this.save();
    }

    save() {
        if (!this.store) {
            return;
        }
        const kept = this.jobs.filter((job) => !job.photo).map(({ row, values }) => ({ row, values }));
        this.store.set(kept.length ? JSON.stringify(kept) : null);
    }

    restore() {
        try {
            const kept = JSON.parse((this.store && this.store.get()) || "[]");
            this.jobs = kept.filter((job) => Number.isInteger(job.row) && job.values);
        } catch {
            this.jobs = [];
        }
    }
}
