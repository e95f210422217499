/** The version of ZooKeeper whose protocol and answers this server has; what tools look at comes before the dash. */
export const SERVER_VERSION = '3.8.0-barnabas';
