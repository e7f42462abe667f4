import type { Context } from '../context.ts';
import { callReport } from '../core/call-report.ts';
import { reportSend } from '../services/send-reports.ts';
import { noTwiml, twilioParams } from './twilio-request.ts';

/** `POST /hooks/twilio/voice`: how a call of ours went. Nobody here answers calls that come in. */
export async function twilioVoice(ctx: Context, request: Request): Promise<Response> {
  const params = await twilioParams(ctx, request);
  const callId = params.get('CallSid');
  const report = callReport(params.get('CallStatus') ?? '', params.get('AnsweredBy'), params.get('CallDuration'));
  if (report !== null && callId) {
    const sendId = new URL(request.url).searchParams.get('send');
    await reportSend(ctx, { sendId, providerId: callId, source: 'twilio', key: `${callId}:call_completed`, type: 'call_completed', data: { call_id: callId, ...report } });
  }
  return noTwiml();
}
