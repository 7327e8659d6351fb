/** How the service judges itself; given by the composition root. */
export interface Probes {
  /** False only if nothing but a restart helps. */
  live(): boolean;
  ready(): Readiness | Promise<Readiness>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly parts: {
    readonly database: boolean;
    readonly migrations: boolean;
    readonly firstJoin: boolean;
  };
  /** What works less well than it should without making the service unready. */
  readonly degraded: readonly Degradation[];
}

export interface Degradation {
  readonly part: string;
  readonly why: string;
  readonly since: Date;
}
